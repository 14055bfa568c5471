import type { Cloud } from "./clouds";
import type { GraphUse, GraphWay } from "./graph-uses";
import type { MailTokens } from "./mail-tokens";
import type { Meaning } from "./oauth-failure";
import type { AccountTypes, Finding, Grant, ServiceId } from "./schema";

export type { ServiceId } from "./schema";

export type OAuthService = {
  /** Registered there, so fixed. */
  callbackPath: string;
  credentialKinds: readonly Credential["kind"][];

  permissions(grant: Grant, granted: readonly string[]): PermissionState[];
  mailTokens: MailTokens | null;

  /** For the whole organisation; null where there is no such page. */
  adminConsentUrl: ((registration: ConsentSubject, request: ConsentRequest) => URL) | null;
  /** RFC 6749 §4.1.1 */
  authorizationUrl(registration: Registration, request: AuthorizationUrlRequest): Promise<URL>;
  /** RFC 9207 §2.4 */
  isIssuer(registration: Omit<Registration, "credential">, issuer: string): boolean;
  /** RFC 6749 §4.1.3. @throws OAuthFailure; AppError callback.id_token_invalid, token.guest */
  redeemCode(registration: Registration, grant: CodeGrant): Promise<SignIn>;
  /** RFC 6749 §6. @throws OAuthFailure also for another person's tokens, or without mail */
  refreshTokens(registration: Registration, cache: string, person: Person): Promise<TokenSet>;
  /** RFC 8628; null: not for mail */
  deviceCode: DeviceCodeFlow | null;
  /** RFC 6749 §4.4, for every mailbox; null if not supported. @throws OAuthFailure */
  acquireAppOnly: ((registration: Registration) => Promise<SignIn>) | null;
  /** Tokens for sending through Microsoft Graph, of the same sign-ins; null elsewhere. */
  graph: GraphTokens | null;
  /** Where the application opens each mailbox by itself; otherwise null. */
  ofMailbox: ((mailbox: string) => Pick<TokenSet, "cache" | "scopes">) | null;
  /** @throws OAuthFailure only about the client itself, or without an answer */
  proveCredential(registration: Registration): Promise<void>;

  refusals: Refusals;
  /** Null where applications cannot renew their secrets. */
  secretRotation: SecretRotation | null;

  /** Changes nothing, signs in no one. */
  inspect(registration: Registration, redirectUri: string): Promise<Finding[]>;

  /** Null for an unknown domain. @throws HttpsError */
  resolveTenant(cloud: Cloud, domain: string): Promise<string | null>;
};

export type Refusals = {
  prefix: string;
  /** Null: the platform has no numbers. */
  ofNumber: ((code: number) => string) | null;
  meanings: readonly Meaning[];
  fields: Readonly<Record<string, "clientId" | "tenantId" | "cloud">>;
  /** For a certificate not uploaded yet. */
  unknownCertificate: string | null;
  endedCredential: readonly string[];
  /** Null where secrets do not end. */
  endedSecret: string | null;
  cancelled: readonly string[];
  /** An administrator must agree first. */
  unconsented: readonly string[];
};

export type SecretRotation = {
  open(registration: Registration): Promise<OwnSecrets>;
  /** Still refused after all propagation time. */
  notAccepted: string;
};

export type OwnSecrets = {
  proveOwnership(): Promise<void>;
  list(): Promise<ListedSecret[]>;
  /** After a failure of kind "retry", it may exist. */
  add(wanted: { displayName: string; expiresAt: Date }): Promise<MadeSecret>;
  /** @returns false for an unknown id */
  remove(keyId: string): Promise<boolean>;
};

export type ListedSecret = { keyId: string; displayName: string | null };
export type MadeSecret = { keyId: string; secretText: string; expiresAt: Date };

export type Registration = {
  service: ServiceId;
  cloud: Cloud;
  clientId: string;
  tenantId: string;
  accountTypes: AccountTypes;
  credential: Credential;
};

/** RFC 6749 §2.3 */
export type Credential =
  | { kind: "client_secret"; secret: string }
  /** RFC 7523 §2.2; PEM, unencrypted key. */
  | { kind: "certificate"; certificate: string; privateKey: string }
  /** RFC 7523 §2.2; something else renews the file. */
  | { kind: "federated_token"; tokenFile: string }
  /** Without client id: system-assigned. */
  | { kind: "managed_identity"; clientId: string | null }
  /** PKCS#8 in PEM. */
  | { kind: "service_account"; clientEmail: string; keyId: string; privateKey: string };

export type PermissionState = { name: string; isGranted: boolean };

export type ConsentSubject = Omit<Registration, "credential"> & { grant: Grant };
export type ConsentRequest = {
  state: string;
  redirectUri: string;
  graphUses?: readonly GraphUse[];
};

export type AuthorizationUrlRequest = {
  redirectUri: string;
  state: string;
  nonce: string;
  codeChallenge: string;
  loginHint?: string;
  /** Consent is asked for that too. */
  graphUses?: readonly GraphUse[];
};

/** What a token is needed for, and what the last one was good for, which is asked for along with it. */
export type AskedOfGraph = {
  way: GraphWay;
  needed: readonly GraphUse[];
  kept: readonly GraphUse[];
};

export type GraphTokens = {
  /** RFC 6749 §6. @throws OAuthFailure also graph.send_not_consented, graph.read_not_consented */
  refresh(
    registration: Registration,
    kept: { cache: string; person: Person },
    asked: AskedOfGraph,
  ): Promise<TokenSet>;
  /** RFC 6749 §4.4. @throws OAuthFailure */
  acquireAppOnly(registration: Registration): Promise<TokenSet>;
};

export type DeviceCodeFlow = {
  request(registration: Registration): Promise<DeviceAuthorization>;
  /** Once. @throws OAuthFailure also when expired or declined; AppError token.guest */
  poll(registration: Registration, handle: string): Promise<DevicePoll>;
};

export type DeviceAuthorization = {
  /** Secret. */
  handle: string;
  userCode: string;
  verificationUri: string;
  expiresInMs: number;
  intervalMs: number;
};

export type DevicePoll =
  /** RFC 8628 §3.5: `slow_down` lengthens the interval for good. */
  { kind: "pending" | "slow_down"; handle: string } | { kind: "signed_in"; signIn: SignIn };

export type CodeGrant = {
  code: string;
  redirectUri: string;
  codeVerifier: string;
  nonce: string;
  /** RFC 9207 */
  issuer?: string | undefined;
};

export type TokenSet = {
  accessToken: string;
  expiresAt: Date;
  scopes: string[];
  idToken: string;
  /** Microsoft: MSAL's cache of this account, with its refresh token. */
  cache: string;
};

/** Compared by `objectId` and `tenantId` (OIDC Core §5.7). */
export type SignedInIdentity = {
  objectId: string;
  tenantId: string;
  username: string;
  displayName: string;
};

export type Person = Pick<SignedInIdentity, "objectId" | "tenantId">;

export type SignIn = { identity: SignedInIdentity; tokens: TokenSet; missingScopes: string[] };
