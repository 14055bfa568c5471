import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { choose, expect, installation, signInAtSandbox, test } from "./installation";
import { addAccount, addProvider } from "./objects";

async function createList(page: Page, name: string): Promise<void> {
  await page.goto("/contacts");
  await page.getByRole("button", { name: "New list" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Create list" }).click();
  await expect(page.getByRole("row", { name })).toBeVisible();
}

async function addContact(page: Page, email: string, name = ""): Promise<void> {
  await page.getByRole("button", { name: "New contact" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email address").fill(email);
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByRole("row", { name: email })).toBeVisible();
}

const openList = async (page: Page, name: string) => {
  await page.goto("/contacts");
  await page.getByRole("main").getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
};

const menuOf = async (page: Page, what: string, item: string) => {
  await page
    .getByRole("button", { name: `Actions for ${what}` })
    .first()
    .click();
  await page.getByRole("menuitem", { name: item }).click();
};

test("contacts are added, edited, merged, moved and deleted", async ({ page }) => {
  await createList(page, "Buyers");
  await createList(page, "Sellers");
  await openList(page, "Buyers");
  await addContact(page, "ann@buyer.example", "Ann");
  await addContact(page, "ann@private.example");
  await addContact(page, "zoe@buyer.example", "Zoe");

  await menuOf(page, "zoe@buyer.example", "Edit");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email address").fill("ANN@Buyer.example");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(
    dialog.getByText("This address is already in the list “Buyers”.").first(),
  ).toBeVisible();
  await dialog.getByLabel("Email address").fill("zoe@buyer.example");
  await dialog.getByLabel("Name").fill("Zoë");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row", { name: "Zoë" })).toBeVisible();

  for (const email of ["ann@buyer.example", "ann@private.example"])
    await page.getByRole("checkbox", { name: `Select ${email}` }).check();
  await page.getByRole("button", { name: "Merge (2)" }).click();
  await dialog.getByLabel("Address to keep").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "Merge" }).click();
  await expect(page.getByRole("row", { name: "ann@private.example" })).toContainText("Ann");
  await expect(page.getByRole("row", { name: "ann@buyer.example" })).toHaveCount(0);

  await page.getByRole("checkbox", { name: "Select zoe@buyer.example" }).check();
  await page.getByRole("button", { name: "Move (1)" }).click();
  await choose(dialog.getByRole("combobox", { name: "To the list" }), "Sellers");
  await dialog.getByRole("button", { name: "Move" }).click();
  await expect(page.getByRole("row", { name: "zoe@buyer.example" })).toHaveCount(0);

  await page.goto("/contacts/all?search=zoe");
  await expect(page.getByRole("row", { name: "zoe@buyer.example" })).toContainText("Sellers");
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await page.getByRole("button", { name: "Delete (1)" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("Nothing found")).toBeVisible();
});

test("a file is checked line by line, then imported, exported and made cards of", async ({
  page,
}) => {
  await createList(page, "Imported");
  await openList(page, "Imported");
  await page.getByRole("link", { name: "Import a file" }).click();
  await expect(page.getByRole("combobox", { name: "List" })).toHaveValue("Imported");
  const lines = [
    "Email;Name",
    "mia@import.example;Mia",
    "mia@import.example;Mia again",
    "nobody;Nobody",
    "=max@import.example;=1+1",
  ];
  const file = { name: "contacts.csv", mimeType: "text/csv" };
  const buffer = Buffer.from(`\ufeff${lines.join("\r\n")}`, "utf16le");
  await page.getByLabel("File").setInputFiles({ ...file, buffer });
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByRole("row", { name: "nobody" })).toContainText("exactly one @");
  await expect(page.getByRole("row", { name: "Mia again" })).toContainText("line 2");
  await page.getByRole("button", { name: "Refused: 1" }).click();
  await expect(page.getByRole("row", { name: "mia@import.example" })).toHaveCount(0);
  await page.getByRole("button", { name: "Import 2 into Imported" }).click();
  await page.getByRole("link", { name: "Show the list" }).click();
  await expect(page.getByRole("row", { name: "mia@import.example" })).toContainText("Mia");

  const download = async (name: string) => {
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name }).click(),
    ]);
    return readFile(await saved.path(), "utf8");
  };
  const csv = await download("Export CSV");
  expect(csv.split("\r\n")).toEqual([
    '"email","name","list","source","firstSeen","lastSeen"',
    `"'=max@import.example","'=1+1","Imported","","",""`,
    '"mia@import.example","Mia","Imported","","",""',
    "",
  ]);
  const cards = await download("vCard");
  expect(cards.match(/BEGIN:VCARD/g)).toHaveLength(2);
  expect(cards).toContain("FN:Mia\r\nEMAIL:mia@import.example\r\n");
});

test("a person is told what is stored, is erased, kept out, and let in again", async ({ page }) => {
  await createList(page, "People");
  await openList(page, "People");
  await addContact(page, "jo@people.example", "Jo");
  await menuOf(page, "jo@people.example", "Personal data");
  await expect(page.getByLabel("Email address of the person")).toHaveValue("jo@people.example");
  await page.getByRole("button", { name: "Show what is stored" }).click();
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download as JSON" }).click(),
  ]);
  expect(JSON.parse(await readFile(await saved.path(), "utf8"))).toMatchObject({
    contact: { address: "jo@people.example", name: "Jo", list: "People" },
  });
  await page.getByRole("button", { name: "Erase" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Erase" }).click();
  await expect(page.getByText("No contact has this address.")).toBeVisible();

  await openList(page, "People");
  await page.getByRole("button", { name: "New contact" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Email address").fill("jo@people.example");
  await dialog.getByRole("button", { name: "Add contact" }).click();
  await expect(dialog.getByText("erased and is blocked", { exact: false }).first()).toBeVisible();

  await page.goto("/contacts/privacy");
  await page.getByLabel("Email address of the person").fill("JO@people.example");
  await page.getByRole("button", { name: "Show what is stored" }).click();
  await page.getByRole("button", { name: "Unblock" }).click();
  await expect(page.getByText("No addresses are blocked.")).toBeVisible();
});

test("a new sender appears in the open list, and the account says what it saves", async ({
  page,
}) => {
  const address = "alice@contoso.test";
  await createList(page, "Senders");
  await page.goto(await addProvider("Capturing"));
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, address);
  const account = { name: "Captured", key: "CAP", address, provider: "Capturing" };
  await page.goto(await addAccount(account));
  await menuOf(page, "Captured", "Edit");
  await expect(page.getByLabel("Save the Reply-To address")).toHaveCount(0);
  await choose(page.getByRole("combobox", { name: "List" }), "Senders");
  await page.getByLabel("Save the Reply-To address").check();
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(
    page.getByText("Postkey started following the inbox", { exact: false }),
  ).toBeVisible();

  await openList(page, "Senders");
  const from = "new.sender@customer.example";
  const message = { from, to: address, subject: "A question", text: "Hello!" };
  await fetch(new URL("/messages", installation.controlUrl), {
    method: "POST",
    body: new URLSearchParams(message),
    redirect: "manual",
  });
  const row = page.getByRole("row", { name: from });
  await expect(row).toBeVisible();
  await expect(row.getByRole("link", { name: "Captured" })).toBeVisible();
});
