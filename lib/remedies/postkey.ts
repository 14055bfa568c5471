import { ENDS_SOON_DAYS } from "@/lib/kernel/clock";
import { CALLBACK_REMEDIES } from "./callback";
import { MAILBOX } from "./commands";
import {
  ADMIN,
  entry,
  OWNER_SIGNS_IN,
  PASSES,
  REAUTH,
  see,
  TENANT_ADMIN,
  TENANT_REAUTH,
} from "./entry";
import { MACHINE_REMEDIES, PLATFORM_REMEDIES } from "./platform";
import { REGISTRATION } from "./portal";
import type { Written } from "./remedy";
import { at, MICROSOFT } from "./services";
import { again, editAccount, generateCertificate, run, signIn, TEST, wait } from "./steps";

const NEW_DEVICE_CERTIFICATE = [
  "Replace the files that POSTKEY_DEVICE_CERTIFICATE_FILE and POSTKEY_DEVICE_KEY_FILE name. Postkey reads them within seconds, without a restart.",
  "If the certificate is renewed by a program, check why it did not run.",
];

const ACCOUNT_REMEDIES: readonly Written[] = [
  entry("postkey.not_signed_in", OWNER_SIGNS_IN)`
    No one has signed in yet.
    The cloud provider holds no sign-in of this user.
    ${signIn`{Press}[ and sign in with the account's user name].`}`,
  entry("postkey.not_connected", REAUTH)`
    The application is not connected yet.
    The application of this cloud provider signs in by itself, and has not done so yet.
    Press Connect on the cloud provider's page.`,
  entry("postkey.no_refresh_token", see(TENANT_REAUTH, REGISTRATION.permissions), {
    service: MICROSOFT,
  })`
    This sign-in cannot be renewed: Microsoft gave no refresh token.
    The permission offline_access was not granted, so the sign-in would end after about an hour. It was not kept; an earlier one of this mailbox still counts.
    Open the API permissions page and add Microsoft Graph, Delegated permissions, offline_access.
    Choose Grant admin consent there. If that is refused, check the organisation's consent settings.
    ${again`{Press} and accept every permission that is listed.`}`,
  entry("postkey.no_mail_permission", OWNER_SIGNS_IN)`
    The platform renewed this sign-in without any permission for mail.
    Consent was withdrawn, or an administrator removed the permissions. Postkey kept the tokens it had; they end within the hour.
    ${signIn`{Press}, sign in and accept every permission that is listed.`}
    If the platform does not list them, add the mail permissions to the app registration.
    Where people cannot consent themselves, grant consent for the whole organisation.`,
  entry("postkey.tokens_of_another", PASSES)`
    The platform answered with someone else's tokens.
    Something on the way mixed up two answers, such as a proxy that caches. Postkey stored none of them and kept the tokens it had.
    ${wait`Wait. Postkey asks again automatically.`}
    Let {signInHost} through without inspection or caching.
    If it happens again, sign the mailbox in again.`,
  entry("postkey.provider_missing", ADMIN)`
    The account has no cloud provider.
    No provider was chosen, or its provider was deleted.
    ${editAccount`Edit the account and choose a cloud provider.`}
    If there is no provider yet, create one under Settings, Cloud Providers.`,
  entry("postkey.account_inactive", ADMIN)`
    The account is not active.
    Someone deactivated it. Postkey gives out no tokens for it.
    ${editAccount`Choose Activate in the account's menu.`}`,
  entry("postkey.app_only_token", { ...ADMIN, service: MICROSOFT })`
    This token opens every mailbox of the application, and the key is for some accounts.
    The application signs in by itself, with one token for all its mailboxes.
    Let the program read and send through Postkey: a key with mail:read and mail:send reaches its own accounts alone.
    Or give it a key for all accounts, and limit what the application itself opens with the commands on the page of the cloud provider.
    For IMAP and POP: give the application FullAccess to these mailboxes alone.`,
  entry(
    "postkey.closed_mailbox_open",
    see(TENANT_ADMIN, REGISTRATION.permissions, MAILBOX.testApp),
    {
      service: MICROSOFT,
      source: "https://learn.microsoft.com/exchange/permissions-exo/application-rbac",
    },
  )`
    The application opens a mailbox that must stay closed.
    A permission in Entra opens every mailbox, whatever Exchange Online limits. Or a role has a scope that is too wide, or the application has FullAccess.
    ${run`Run {command}. If a line says InScope True, narrow the scope of that role.`}
    If IMAP or POP3 opens it, remove the FullAccess of the application with Remove-MailboxPermission.
    Otherwise revoke Mail.Send and Mail.ReadBasic in Entra, under Enterprise applications, this application, Permissions.
    ${wait`Wait up to two hours, until Exchange Online applies the change. Postkey checks every ten minutes.`}`,
  entry("postkey.delegate_token", ADMIN)`
    This token opens every mailbox of its delegate, and the key is for some accounts.
    The account opens a shared mailbox with a delegate's sign-in, whose token is the delegate's own.
    Let the program read and send through Postkey: a key with mail:read and mail:send reaches its own accounts alone.
    Or give it a device with a password of its own.
    Or give it a key for all accounts.`,
  entry("postkey.links_in_mailbox", ADMIN)`
    Links that open Postkey may lie in this mailbox, and the key is for some accounts.
    The mailbox sends such links, or an invitation or a link for a new password was mailed to it. The first to read one gets in.
    Wait until the links have expired, three days at most, or let another mailbox send links.`,
  entry("postkey.certificate_expired", ADMIN)`
    The certificate of the application has expired.
    A certificate is valid until the day named in it, and the platform checks that.
    ${generateCertificate`Press Generate certificate at the cloud provider and upload the new one to the registration.`}
    Prove and use it on the provider's page. No one has to sign in again.`,
  entry("postkey.device_certificate_expiring", ADMIN)`
    The gateway's certificate for devices expires within ${String(ENDS_SOON_DAYS)} days.
    The gateway shows this certificate to scanners and software. Once it has expired, those that check certificates no longer connect.
    ${NEW_DEVICE_CERTIFICATE}`,
  entry("postkey.device_certificate_expired", ADMIN)`
    The gateway's certificate for devices has expired.
    Scanners and software that check certificates no longer connect.
    ${NEW_DEVICE_CERTIFICATE}`,
  entry("postkey.device_certificate_unusable", ADMIN)`
    The gateway can't use the certificate for devices.
    A file can't be read, or the key is another certificate's. A gateway goes on with its last certificate; one that started since has none, and no TLS for devices.
    Look into the log of the gateway: it names the file and the reason.
    Let the user that Postkey runs as read the files that POSTKEY_DEVICE_CERTIFICATE_FILE and POSTKEY_DEVICE_KEY_FILE name.
    A key with a passphrase can't be used: openssl pkey -in key.pem -out plain.pem makes a copy without it.
    Keys of Let's Encrypt are for root alone: copy them after each renewal.
    Nothing needs a restart: every gateway tries again every ten seconds.`,
  entry("postkey.passkey_copied", ADMIN)`
    There may be a copy of a passkey.
    A passkey counts how often it was used, and its counter went back. Postkey refused it. Either someone has a copy of the passkey, or its device was restored from a backup.
    Its owner signs in with the password, removes the passkey in the profile, and adds a new one.
    If the device was not restored, the owner changes the password and ends all other sessions.`,
  entry("postkey.passkeys_elsewhere", ADMIN)`
    Passkeys no longer work, because the address of Postkey has changed.
    Browsers use a passkey only at the host it was made for. People who must have a second factor and have no other sign in with the password alone until they add one.
    If POSTKEY_URL was changed by mistake, set it back.
    Otherwise everyone whose role needs a second factor signs in now and adds a passkey or an authenticator app in the profile.
    The old passkeys can be removed in the profile, too.`,
  entry("postkey.mailbox_being_tested", PASSES)`
    This mailbox is being tested at the moment.
    Another administrator, its schedule or a test run is testing it. Two tests at once would count against the same limits of its server.
    Try again in a minute. The report of the other test is on the account's page.`,
  entry("postkey.locked", ADMIN)`
    The stored secret cannot be decrypted.
    It was written with another key, or its row was damaged. Nothing was overwritten.
    Restore the key that this database was used with, and restart Postkey.
    If the key is lost, enter the secret again and sign the mailboxes in again.`,
  entry("postkey.unexpected", ADMIN)`
    Unrecognised error.
    Postkey's log has the details, with the time.
    Try again.
    If it happens again, send the part of the log around that time to the person who maintains Postkey.`,
  entry("postkey.aborted", PASSES)`
    The test was stopped.
    The page was closed or left before it had ended.
    ${TEST}`,
];

export const POSTKEY_REMEDIES: readonly Written[] = [
  ...ACCOUNT_REMEDIES,
  ...PLATFORM_REMEDIES,
  ...at(MICROSOFT, MACHINE_REMEDIES),
  ...CALLBACK_REMEDIES,
];
