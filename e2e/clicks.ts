import type { Locator } from "@playwright/test";

/** What a person presses, counted. */
export class Clicks {
  count = 0;

  async on(target: Locator): Promise<void> {
    this.count += 1;
    await target.click();
  }
}
