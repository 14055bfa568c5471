import type { MouseEvent } from "react";

/** A message that appears on blur would move the button away from the pointer. */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
