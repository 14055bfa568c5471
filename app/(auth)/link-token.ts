"use client";

import { useEffect } from "react";
import type { ActionError } from "@/lib/http/schema";

type SetToken = (name: "token", value: string) => void;

/** Puts the token of a link into its form. Behind the # it reaches no server log and no other site. */
export function useLinkToken(setValue: SetToken): void {
  useEffect(() => setValue("token", window.location.hash.slice(1)), [setValue]);
}

/** What is wrong with the link itself: no field of the form could say so. */
export function linkProblem(message: string | undefined): ActionError | null {
  return message ? { code: "invalid_request", message } : null;
}
