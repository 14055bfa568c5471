import type { MouseEvent } from "react";

/**
 * For what is pressed below fields: a field that is left may grow by its message, and moves a button away
 * from under the pointer before it is pressed.
 */
export function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}
