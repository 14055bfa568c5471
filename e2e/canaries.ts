import { randomBytes } from "node:crypto";
import type { Browser } from "@playwright/test";
import { ADMIN, expect, signInAs, strangersPage } from "./installation";
import { addAccount, addProvider } from "./objects";
import type { Canaries, Stranger } from "./strangers";

/** The ids are in the addresses of the pages. */
const lastId = (path: string) => path.split("/").at(-1) ?? "";

/** Stores what strangers must not see. @returns it, with a session that was ended */
export async function placeCanaries(browser: Browser) {
  // A worker that starts again after a failure makes its own.
  const mark = randomBytes(2).toString("hex");
  const [provider, account] = [`Canary provider ${mark}`, `Canary mailbox ${mark}`];
  const address = "canary@contoso.test";
  const page = await strangersPage(browser);
  await signInAs(page, ADMIN);
  const cloudProviderId = lastId(await addProvider(provider));
  const key = `C${mark}`;
  const emailAccountId = lastId(await addAccount({ name: account, key, address, provider }));
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name.endsWith("postkey.session"));
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  await page.context().close();
  const canaries: Canaries = {
    texts: [provider, account, address],
    cloudProviderId,
    emailAccountId,
  };
  const ended: Stranger = ["an ended session", { cookie: `${session?.name}=${session?.value}` }];
  return { canaries, ended };
}
