"use server";

import { z } from "zod";
import { defineAction } from "@/lib/http/action";
import { searchSchema } from "@/lib/kernel/choices/schema";
import { searchEverything } from "./everything";

/** @returns pages, by their address */
export const searchEverythingAction = defineAction(
  z.strictObject({ search: searchSchema }),
  (actor, { search }) => searchEverything(actor, search),
);
