"use client";

import { NO_LETTER_CHANNEL, SWITCH_LETTERS_ON } from "@/lib/letters/schema";
import { Can } from "./can";

/** Why links can't go out by mail, and who can change that. */
export function NoLetterChannel() {
  return (
    <Can permission="alerts:write" otherwise={NO_LETTER_CHANNEL}>
      {SWITCH_LETTERS_ON}
    </Can>
  );
}
