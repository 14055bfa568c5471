"use server";

import { z } from "zod";
import { defineAction } from "@/lib/http/action";
import { choiceSearchSchema } from "@/lib/kernel/fields/schema";
import { searchEverything } from "./everything";

/** @returns pages, by their address */
export const searchEverythingAction = defineAction(
  z.strictObject({ search: choiceSearchSchema }),
  (actor, { search }) => searchEverything(actor, search),
);
