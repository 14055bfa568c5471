import { expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { startCapture } from "@/lib/keeper/capture";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDovecot } from "@/lib/testing/dovecot";

withDatabase();
const dovecot = withDovecot();

test.skipIf(!isAvailable())(
  `a new sender is saved within two seconds ${unavailableReason() ?? ""}`,
  async () => {
    const ada = administrator();
    const user = "inbox@contoso.test";
    const { id: contactListId } = await createContactList(ada, { name: "Customers" });
    await createEmailAccount(ada, dovecot().accountForm(user, { contactListId }));
    const stop = startCapture("keeper");
    try {
      const isFollowed = () =>
        db().captureState.count({ where: { followingSince: { not: null } } });
      await expect.poll(isFollowed, { timeout: 20_000 }).toBe(1);
      const startedAt = performance.now();
      await dovecot().inboxes.put(
        user,
        `From: kim@customer.example\r\nTo: ${user}\r\n\r\nHello!\r\n`,
      );
      await expect.poll(() => db().contact.count(), { timeout: 5_000, interval: 20 }).toBe(1);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    } finally {
      await stop();
    }
  },
);
