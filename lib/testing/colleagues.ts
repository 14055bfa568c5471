import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "./actors";
import { shared } from "./shared";
import { accountForm } from "./sign-in";
import { signedIn } from "./signed-in";

/** Two administrators, and nothing that anyone made. @returns Bob, who is signed in */
export async function freshColleagues(other: string): Promise<ReturnType<typeof administrator>> {
  await db().apiKey.deleteMany();
  await db().device.deleteMany();
  await db().emailAccount.deleteMany();
  await db().administrator.deleteMany();
  const create = (name: string) =>
    db().administrator.create({
      data: { name, email: `${name}@contoso.test`, passwordHash: "-" },
      select: { id: true },
    });
  await create(other);
  return signedIn({ ...administrator("Bob"), id: (await create("Bob")).id });
}

const PASSWORD = { modernAuthentication: false, password: "p" };

/** An account that nothing has to be signed in for. */
export async function plainAccount(): Promise<string> {
  return (await createEmailAccount(administrator(), accountForm(PASSWORD))).id;
}

/** The same for all tests of a file, as a device names it. */
export const withPlainAccount = () =>
  shared(async () => ({ emailAccountId: await plainAccount() }));
