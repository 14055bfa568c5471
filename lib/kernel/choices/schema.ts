import { z } from "zod";

/** As many are shown at once; another one is found by a part of its name. */
export const CHOICES_SHOWN = 50;

export const searchSchema = z
  .string({ error: "Enter what to search for." })
  .max(200, "Search for at most 200 characters.")
  .transform((text) => text.replaceAll("\0", ""));

/** Something that a field lets people choose. `detail` tells apart what is named alike; `state` is shown as a badge. */
export type Choice = { id: string; name: string; detail?: string; state?: string };

/** What a search found, by name, and whether there is more than is shown. */
export type Choices = { found: Choice[]; hasMore: boolean };
