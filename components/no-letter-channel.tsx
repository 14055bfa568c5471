import { NO_LETTER_CHANNEL, SWITCH_LETTERS_ON } from "@/lib/letters/schema";
import { Can } from "./can";

export function NoLetterChannel() {
  return (
    <Can permission="alerts:write" otherwise={NO_LETTER_CHANNEL}>
      {SWITCH_LETTERS_ON}
    </Can>
  );
}
