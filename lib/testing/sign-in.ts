import { expect } from "vitest";
import type { Sandbox } from "@/e2e/sandbox/sandbox";
import { walkSignIn } from "@/e2e/sandbox/walk-sign-in";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { createEmailAccountSchema } from "@/lib/email-accounts/schema";
import type { Actor } from "@/lib/kernel/actor";
import type { ServiceId } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { isoDay } from "@/lib/registrations/credentials/schema";
import { createCloudProvider } from "@/lib/registrations/mutations";
import { findCloudProvider } from "@/lib/registrations/queries";
import { redirectUri } from "@/lib/registrations/redirect-uri";
import {
  createCloudProviderSchema,
  type UpdateCloudProvider,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { beginAuthorization } from "@/lib/sign-ins/begin";
import {
  type Completed,
  completeAuthorization,
  readAuthorizationResponse,
} from "@/lib/sign-ins/complete";
import { findOutcome } from "@/lib/sign-ins/queries";
import type { BeginAuthorization, Outcome } from "@/lib/sign-ins/schema";
import { setEnvironment } from "./environment";
import { anew, shared } from "./shared";

export const ALICE = "alice@contoso.test";
export const BOB = "bob@contoso.test";

/** What an administrator types into the form of a new provider. */
export function providerForm(
  sandbox: Pick<Sandbox, "registration">,
  changes: Record<string, unknown> = {},
) {
  const { clientId, tenantId } = sandbox.registration;
  const { clientSecret = sandbox.registration.clientSecret, secretExpiresOn, ...rest } = changes;
  return createCloudProviderSchema.parse({
    name: `Contoso ${unique()}`,
    service: "microsoft_azure",
    type: "outlook365",
    cloud: "sandbox",
    accountTypes: "tenant",
    grant: "delegated",
    hosts: null,
    clientId,
    tenantId,
    credential: typedSecret(clientSecret, secretExpiresOn),
    redirectUri: redirectUri("microsoft_azure"),
    ...rest,
  });
}

/** The same for an application that signs in by itself. */
export function applicationForm(sandbox: Pick<Sandbox, "registration" | "serviceRegistration">) {
  const { clientId, tenantId, clientSecret } = sandbox.serviceRegistration;
  return providerForm(sandbox, { clientId, tenantId, clientSecret, grant: "app_only" });
}

/** The same at Google, where a service account opens the mailboxes of a domain. */
export function googleForm(
  { google }: Pick<Sandbox, "google">,
  changes: Record<string, unknown> = {},
) {
  const keyFile = google.serviceAccountKey;
  return createCloudProviderSchema.parse({
    name: `Wingtip ${unique()}`,
    service: "google",
    type: "gmail",
    cloud: "sandbox-google",
    grant: "domain_wide",
    clientId: JSON.parse(keyFile).client_id,
    redirectUri: redirectUri("google"),
    credential: { kind: "service_account", keyFile },
    ...changes,
  });
}

/** The edit form of a provider as it is sent when nothing else was typed. */
export async function providerEdit(
  actor: Actor,
  id: string,
  changes: Record<string, unknown> = {},
): Promise<UpdateCloudProvider> {
  const provider = await findCloudProvider(actor, id);
  if (!provider) throw new Error("The provider is gone.");
  const { name, service, type, cloud, accountTypes, grant, clientId, tenantId, version } = provider;
  const fields = { name, service, type, cloud, accountTypes, grant, clientId, tenantId, version };
  const input = { id, ...fields, hosts: null, replacement: null, ...changes };
  return updateCloudProviderSchema.parse(input);
}

/** A client secret as a form sends it. */
export function typedSecret(clientSecret: unknown, secretExpiresOn: unknown = isoDay(6)) {
  return { kind: "client_secret" as const, clientSecret, secretExpiresOn };
}

/** What an administrator types into the form of a new account. */
export function accountForm(changes: Record<string, unknown> = {}) {
  return createEmailAccountSchema.parse({
    name: "Support",
    key: unique().slice(-5),
    emailAddress: ALICE,
    contactListId: null,
    active: true,
    service: "outlook365",
    modernAuthentication: true,
    username: ALICE,
    cloudProviderId: null,
    password: "",
    hosts: null,
    description: "",
    testSchedule: "off",
    ...changes,
  });
}

/** The servers of a Custom account. */
export const hostsAt = (host = "mail.contoso.com") => {
  const at = (port: number) => ({ host, port, tls: "implicit" as const });
  return { imap: at(993), smtp: at(465), pop3: at(995) };
};

/** What an operator writes to let accounts reach servers of his own network. */
export function allowPasswordMail({ passwordMail }: Pick<Sandbox, "passwordMail">): void {
  const { imap, smtp, pop3 } = passwordMail;
  const ports = [imap, smtp, pop3].map(({ port }) => port).join(",");
  setEnvironment({ POSTKEY_PRIVATE_HOSTS: "localhost", POSTKEY_MAIL_PORTS: ports });
}

let count = 0;

function unique(): string {
  count += 1;
  return count.toString(36).padStart(5, "0");
}

/** The address to which the platform sends the browser after a person has signed in. */
export async function walk(
  actor: Actor,
  subject: BeginAuthorization,
  account: string,
): Promise<URLSearchParams> {
  const url = await beginAuthorization(actor, subject);
  const callback = await walkSignIn(url.href, { account });
  expect(callback?.href).toContain("/oauth2/microsoft/callback?");
  return callback?.searchParams ?? new URLSearchParams();
}

/** The callback as its route takes it. */
export function arrive(
  actor: Actor | null,
  parameters: URLSearchParams,
  service: ServiceId = "microsoft_azure",
): Promise<Completed> {
  const { callbackPath } = serviceOf({ service });
  return completeAuthorization(actor, readAuthorizationResponse(parameters), callbackPath);
}

/** The whole way: to the platform, through its pages, back, and the outcome. */
export async function signIn(
  actor: Actor,
  subject: BeginAuthorization,
  account = ALICE,
): Promise<Outcome | null> {
  const { authorizationRequestId } = await arrive(actor, await walk(actor, subject, account));
  return findOutcome(actor, authorizationRequestId);
}

/** A provider and an account with a mailbox that is signed in, as what is to be signed in again. */
export async function connectedAccount(
  actor: Actor,
  sandbox: Pick<Sandbox, "registration">,
  changes: Record<string, unknown> = {},
): Promise<ConnectedAccount> {
  const provider = await createCloudProvider(actor, providerForm(sandbox));
  const form = accountForm({ cloudProviderId: provider.id, ...changes });
  const account = await createEmailAccount(actor, form);
  const subject = "email_account";
  const connected = { subject, cloudProviderId: provider.id, emailAccountId: account.id } as const;
  await signIn(actor, connected, form.username);
  return connected;
}

/** The same for all tests of a file. */
export function withAccount(actor: Actor, sandbox: Installed, changes = {}) {
  return shared(() => connectedAccount(actor, sandbox(), changes));
}

/** Another one for each test. */
export function freshAccount(actor: Actor, sandbox: Installed) {
  return anew(() => connectedAccount(actor, sandbox()));
}

/** A provider at which no one is signed in, for each test. */
export function withProvider(actor: Actor, sandbox: Installed, make = anew) {
  return make(async () => {
    const { id: cloudProviderId } = await createCloudProvider(actor, providerForm(sandbox()));
    return { subject: "provider" as const, cloudProviderId };
  });
}

type ConnectedAccount = {
  subject: "email_account";
  cloudProviderId: string;
  emailAccountId: string;
};
type Installed = () => Pick<Sandbox, "registration">;
