"use server";

import { defineAction } from "@/lib/http/action";
import { createSignInLinks, revokeSignInLinks } from "@/lib/sign-ins/links/mutations";
import { createSignInLinksSchema, linkIdsSchema } from "@/lib/sign-ins/links/schema";

const revalidates = "/email/sign-in-links";

export const createSignInLinksAction = defineAction(createSignInLinksSchema, createSignInLinks, {
  revalidates,
});

export const revokeSignInLinksAction = defineAction(linkIdsSchema, revokeSignInLinks, {
  revalidates,
});
