import type { Page } from "@playwright/test";
import { expect, installation, test } from "./installation";

test.describe.configure({ mode: "serial" });

const MAX_TABS = 80;

/** Presses Tab until what has the focus is called that; nothing is ever clicked. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < MAX_TABS; presses += 1) {
    await page.keyboard.press("Tab");
    if (name.test(await focusedName(page))) return;
  }
  throw new Error(`Tab never reached ${name}.`);
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
    const labels = isField ? element.labels : null;
    const label = labels?.[0] ?? element;
    return element?.getAttribute("aria-label") ?? label?.textContent?.trim() ?? "";
  });
}

async function typeInto(page: Page, label: RegExp, text: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type(text);
}

/** In the field that has the focus: with the arrows, to see that they reach every option. */
async function chooseByArrow(page: Page, option: string): Promise<void> {
  const field = page.locator(":focus");
  const isOn = async () => {
    const id = await field.getAttribute("aria-activedescendant");
    return id !== null && (await page.locator(`[id="${id}"]`).textContent()) === option;
  };
  for (let presses = 0; presses < MAX_TABS && !(await isOn()); presses += 1)
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue(option);
}

test("the keyboard alone walks the whole reference flow", async ({ page }) => {
  const { clientId, tenantId, clientSecret } = installation.registration;
  await page.goto("/");

  await tabTo(page, /^Cloud Providers$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Cloud Providers", level: 1 })).toBeVisible();
  await tabTo(page, /^New Cloud Provider$/);
  await page.keyboard.press("Enter");
  // The first field has the focus already.
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await page.keyboard.type("By keyboard");
  await typeInto(page, /^Application Id/, ` {${clientId.toUpperCase()}} `);
  await typeInto(page, /^Tenant Id/, tenantId);
  await expect(page.getByText("Spaces or braces around it were removed.")).toBeVisible();
  await typeInto(page, /^Client Secret/, clientSecret);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "By keyboard", level: 1 })).toBeVisible();

  await tabTo(page, /^Authenticate$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/authorize/);
  await tabTo(page, /alice@contoso.test/);
  await page.keyboard.press("Enter");
  const accept = page.getByRole("button", { name: "Accept" });
  const isBack = page.getByRole("heading", { name: "By keyboard", level: 1 });
  await expect(accept.or(isBack)).toBeVisible();
  if (await accept.isVisible()) {
    await tabTo(page, /^Accept$/);
    await page.keyboard.press("Enter");
  }
  await page.waitForURL(/authorization=/);

  await tabTo(page, /^Email Accounts$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
  await tabTo(page, /^New Email Account$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("combobox", { name: "Service" })).toBeFocused();
  await tabTo(page, /^Cloud Provider/);
  await chooseByArrow(page, "By keyboard");
  await typeInto(page, /^Email Address/, "alice@contoso.test");
  await typeInto(page, /^Name/, "Typed");
  await typeInto(page, /^Key/, "kbd");
  await tabTo(page, /^Add Email Account$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Typed", level: 1 })).toBeVisible();

  await tabTo(page, /^Test connection$/);
  await page.keyboard.press("Enter");
  await expect(page.getByText("IMAP, SMTP and POP3 work.")).toBeVisible();
});

/** Whether something there has the focus. */
const hasFocusIn = (page: Page, selector: string) =>
  expect(page.locator(`${selector} :focus, ${selector}:focus`)).toBeAttached();

test("the focus is never lost: not with a dialog, not with what it was opened from, not with a row", async ({
  page,
}) => {
  await page.goto("/settings/api-keys");
  for (const name of ["First by keyboard", "Second by keyboard"]) {
    await tabTo(page, /^New API key$/);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog").getByRole("textbox", { name: "Name" })).toBeFocused();
    await page.keyboard.type(name);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("API key", { exact: true })).toBeVisible();
    await hasFocusIn(page, "[role=dialog]");
    await tabTo(page, /^Done$/);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "New API key" })).toBeFocused();
  }

  for (const name of ["Second by keyboard", "First by keyboard"]) {
    const revoke = page.getByRole("button", { name: `Revoke ${name}` });
    await revoke.focus();
    await page.keyboard.press("Enter");
    await hasFocusIn(page, "[role=dialog]");
    await page.keyboard.press("Escape");
    await expect(revoke).toBeFocused();
    await page.keyboard.press("Enter");
    await hasFocusIn(page, "[role=dialog]");
    await tabTo(page, /^Revoke$/);
    await page.keyboard.press("Enter");
    await expect(revoke).toHaveCount(0);
    await hasFocusIn(page, "main");
  }

  await page.goto("/email/accounts?search=kbd");
  await tabTo(page, /^Actions for Typed$/);
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Create sign-in link" }).focus();
  await page.keyboard.press("Enter");
  await hasFocusIn(page, "[role=dialog]");
  await expect(page.getByRole("button", { name: "Create link" })).toBeEnabled();
  await tabTo(page, /^Create link$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Sign-in link" })).toBeVisible();
  await hasFocusIn(page, "[role=dialog]");
  await tabTo(page, /^Done$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Actions for Typed" })).toBeFocused();

  await page.goto("/profile");
  await tabTo(page, /^Set up an authenticator app$/);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog").getByLabel("Code from the app")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Set up an authenticator app" })).toBeFocused();
});
