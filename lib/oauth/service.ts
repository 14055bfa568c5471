import type { Cloud } from "./clouds";
import type { MailTokens } from "./mail-tokens";
import type { Meaning } from "./oauth-failure";
import type { AccountTypes, Finding, Grant, ServiceId } from "./schema";

export type { ServiceId } from "./schema";

/**
 * What an identity platform has to be able to do for Postkey. Each has a folder of its own and a row in
 * registry.ts; domains reach it through `serviceOf` and know none of them by name.
 */
export type OAuthService = {
  /** Where the platform sends the browser back to. The path is fixed: it is registered there. */
  callbackPath: string;
  /** How an application may prove who it is there. */
  credentialKinds: readonly Credential["kind"][];

  /** The permissions that mail needs with this grant, by name, and which of them were granted. */
  permissions(grant: Grant, granted: readonly string[]): PermissionState[];
  /** How its access tokens for mail are read; null where none of them says anything. */
  mailTokens: MailTokens | null;

  /**
   * The page on which an administrator agrees for the whole organisation, with the answer sent to the
   * redirect URI; null where the platform has no such page.
   */
  adminConsentUrl: ((registration: ConsentSubject, request: ConsentRequest) => URL) | null;
  /** The address of the authorization endpoint with the request in it (RFC 6749 §4.1.1). */
  authorizationUrl(registration: Registration, request: AuthorizationUrlRequest): Promise<URL>;
  /** Whether this is how the platform names itself in its answers (RFC 9207 §2.4). */
  isIssuer(registration: Omit<Registration, "credential">, issuer: string): boolean;
  /**
   * Redeems an authorization code (RFC 6749 §4.1.3) and verifies who signed in (OIDC Core §3.1.3.7).
   * @throws OAuthFailure; AppError callback.id_token_invalid, or token.guest for one of the tenant, who has no
   *   mailbox in it
   */
  redeemCode(registration: Registration, grant: CodeGrant): Promise<SignIn>;
  /**
   * Renews with what is in a cache (RFC 6749 §6).
   * @param person whose tokens they are, and stay
   * @throws OAuthFailure also where the answer is another person's, or grants nothing for mail
   */
  refreshTokens(registration: Registration, cache: string, person: Person): Promise<TokenSet>;
  /** Signing in on another device (RFC 8628); null where the platform has no such way for mail. */
  deviceCode: DeviceCodeFlow | null;
  /**
   * Tokens of the application itself (RFC 6749 §4.4), which open every mailbox, and who it is in the
   * tenant; null where it has none of that kind. @throws OAuthFailure
   */
  acquireAppOnly: ((registration: Registration) => Promise<SignIn>) | null;
  /**
   * What `refreshTokens` gets the tokens of one mailbox with, where the application opens each by
   * itself, and what it may do there then; null where there is no such way.
   */
  ofMailbox: ((mailbox: string) => Pick<TokenSet, "cache" | "scopes">) | null;
  /**
   * Proves a credential without a sign-in.
   * @throws OAuthFailure only for what concerns the client itself, or when there was no answer
   */
  proveCredential(registration: Registration): Promise<void>;

  /** How its refusals are told apart, by their ids in the error catalogue. */
  refusals: Refusals;
  /** How an application renews its own client secrets; null where it cannot. */
  secretRotation: SecretRotation | null;

  /** What harmless requests find out about a registration before the first sign-in. */
  inspect(registration: Registration, redirectUri: string): Promise<Finding[]>;

  /**
   * The id of the tenant that a domain belongs to; null when the platform knows no such domain.
   * @throws HttpsError when there was no answer
   */
  resolveTenant(cloud: Cloud, domain: string): Promise<string | null>;
};

export type Refusals = {
  /** What the ids of all of them begin with. */
  prefix: string;
  /** What a number of its own is called; null where it has none. */
  ofNumber: ((code: number) => string) | null;
  meanings: readonly Meaning[];
  /** Which field of a registration one is about; the others are about the credential itself. */
  fields: Readonly<Record<string, "clientId" | "tenantId" | "cloud">>;
  /** What is said to a certificate that was not uploaded yet; null where none is. */
  unknownCertificate: string | null;
  /** What is said to a credential that may have ended. */
  endedCredential: readonly string[];
  /** That a client secret has ended, where they do. */
  endedSecret: string | null;
  /** What is said where a person pressed Cancel, in other words than those of RFC 6749. */
  cancelled: readonly string[];
  /** What is said where an administrator of the organisation has to allow it first. */
  unconsented: readonly string[];
};

export type SecretRotation = {
  /** Signs the application in where it looks after itself. @throws OAuthFailure */
  open(registration: Registration): Promise<OwnSecrets>;
  /** That a new secret is still refused after all the time that it may take to be known. */
  notAccepted: string;
};

/** The client secrets of one application, as it looks after them itself. @throws OAuthFailure */
export type OwnSecrets = {
  /** Proves that it may replace them, and changes nothing. */
  proveOwnership(): Promise<void>;
  list(): Promise<ListedSecret[]>;
  /** Makes another one; a failure of a kind "retry" says nothing about whether it was made. */
  add(wanted: { displayName: string; expiresAt: Date }): Promise<MadeSecret>;
  /** @returns false when there is none with this id */
  remove(keyId: string): Promise<boolean>;
};

/** Without its value. */
export type ListedSecret = { keyId: string; displayName: string | null };
export type MadeSecret = { keyId: string; secretText: string; expiresAt: Date };

/** What a token request needs to know of an app registration. */
export type Registration = {
  service: ServiceId;
  cloud: Cloud;
  clientId: string;
  tenantId: string;
  accountTypes: AccountTypes;
  credential: Credential;
};

/** How an application proves to the token endpoint that it is the one (RFC 6749 §2.3). */
export type Credential =
  | { kind: "client_secret"; secret: string }
  /** Signs assertions (RFC 7523 §2.2); both in PEM, the key not encrypted. */
  | { kind: "certificate"; certificate: string; privateKey: string }
  /** A token of another issuer, which something else renews in a file (RFC 7523 §2.2). */
  | { kind: "federated_token"; tokenFile: string }
  /** The identity of the machine; without a client id its own one. */
  | { kind: "managed_identity"; clientId: string | null }
  /** Google's: its name, and the key with which it signs assertions (PKCS#8 in PEM). */
  | { kind: "service_account"; clientEmail: string; keyId: string; privateKey: string };

export type PermissionState = { name: string; isGranted: boolean };

export type ConsentSubject = Omit<Registration, "credential"> & { grant: Grant };
export type ConsentRequest = { state: string; redirectUri: string };

export type AuthorizationUrlRequest = {
  redirectUri: string;
  state: string;
  nonce: string;
  codeChallenge: string;
  loginHint?: string;
};

export type DeviceCodeFlow = {
  /** @throws OAuthFailure */
  request(registration: Registration): Promise<DeviceAuthorization>;
  /**
   * Asks once whether the person is done.
   * @throws OAuthFailure when the code is over, was declined, or the platform refuses; AppError token.guest
   */
  poll(registration: Registration, handle: string): Promise<DevicePoll>;
};

export type DeviceAuthorization = {
  /** With which the answer is asked for: a secret. */
  handle: string;
  userCode: string;
  verificationUri: string;
  expiresInMs: number;
  intervalMs: number;
};

export type DevicePoll =
  /** RFC 8628 §3.5: with `slow_down` the interval grows for good. */
  { kind: "pending" | "slow_down"; handle: string } | { kind: "signed_in"; signIn: SignIn };

export type CodeGrant = {
  code: string;
  redirectUri: string;
  codeVerifier: string;
  nonce: string;
  /** The issuer that the response named (RFC 9207): it must be the one that was asked. */
  issuer?: string | undefined;
};

export type TokenSet = {
  accessToken: string;
  expiresAt: Date;
  scopes: string[];
  idToken: string;
  /** What renews them: of Microsoft, MSAL's cache of this one account, refresh token included. */
  cache: string;
};

/** Who signed in: compared by `objectId` and `tenantId`, shown by the rest (OIDC Core §5.7). */
export type SignedInIdentity = {
  objectId: string;
  tenantId: string;
  username: string;
  displayName: string;
};

/** The permanent identifiers of a person. */
export type Person = Pick<SignedInIdentity, "objectId" | "tenantId">;

export type SignIn = { identity: SignedInIdentity; tokens: TokenSet; missingScopes: string[] };
