import { existsSync } from "node:fs";
import { z } from "zod";
import { addAccount, expect, installation, signInAtSandbox, test } from "./installation";
import { addKey, addSignedIn, api, NODE, type Program, RECEIVER, runProgram } from "./programs";

test.describe.configure({ mode: "serial" });

/** The programs of the documentation; PHP's and the shell's trust what they are told to otherwise. */
const PROGRAMS: Program[] = [
  NODE,
  { name: "Python", program: "/usr/bin/python3", args: ["docs/clients/mail.py"] },
  { name: "the shell", program: "/bin/sh", args: ["docs/clients/mail.sh"] },
  {
    name: "PHP",
    program: "/usr/bin/php",
    args: ["-d", `curl.cainfo=${installation.caFile}`, "docs/clients/mail.php"],
  },
];
let key: string;
let sender: string;
let receiver: string;

test("a key is made, and an account that receives", async ({ page }) => {
  sender = await addSignedIn(page, "Many programs");
  key = await addKey(page, "Motion");
  const account = { name: "Receiver", key: "PRG2", address: RECEIVER };
  await addAccount(page, { ...account, provider: "Many programs" });
  receiver = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.getByRole("button", { name: `Sign in as ${RECEIVER}` }).click();
  await signInAtSandbox(page, RECEIVER);
});

for (const each of PROGRAMS)
  test(`the documented client in ${each.name} reads and sends`, async () => {
    test.skip(!existsSync(each.program), `${each.program} is not installed.`);
    expect(await runProgram(each, key, sender)).toMatch(/sent|250 /);
    const listed = z.object({ messages: z.array(z.object({ subject: z.string() })) });
    const subjects = async () =>
      listed
        .parse(await api(key, `/api/emailAccounts/${receiver}/messages`))
        .messages.map(({ subject }) => subject);
    await expect.poll(subjects).toContain(`Hello from ${each.name}`);
  });

test("each operation can be read and tried on its page", async ({ page }) => {
  await page.goto("/help/api");
  await page.getByLabel("API key for trying them out").fill(key);
  await page.getByText("/api/contactLists").first().click();
  await page.getByRole("button", { name: "Send GET" }).click();
  await expect(page.getByRole("status").filter({ hasText: "200" })).toContainText("contactLists");
});
