-- Places are also of applications, at Microsoft Graph. They go with the process that holds them.
ALTER TABLE "MailboxPlace" DROP CONSTRAINT "MailboxPlace_emailAccountId_fkey";
