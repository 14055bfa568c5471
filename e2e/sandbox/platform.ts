import type { KeyObject } from "node:crypto";
import type { User } from "./directory";
import type { Faults } from "./faults";
import type { Google } from "./google/google";
import type { MailStore } from "./mail/store";
import type { Registration } from "./registrations";
import type { RequestLog } from "./request-log";
import type { StateFile } from "./state";

/** Everything the servers share: one value per running sandbox. */
export interface Platform {
  /** `https://localhost:…`: token endpoint, keys, metadata. */
  authority: string;
  /** Whether it is the cloud of the US government, which has its own tenants and addresses. */
  isGovernment: boolean;
  /** Both clouds' authorities: the mail servers take tokens of either. */
  issuers: string[];
  /** `http://localhost:…`: the pages that a browser sees. */
  authorizeOrigin: string;
  state: StateFile;
  keys: SigningKeys;
  codes: Map<string, CodeGrant>;
  devices: Map<string, DeviceGrant>;
  faults: Faults;
  requests: RequestLog;
  mail: MailStore;
  /** The other service: its own accounts and tokens on the same servers. */
  google: Google;
  /** Of a company at which people sign in to Postkey itself. */
  companyCodes: Map<string, CompanyCode>;
  /** Sign-ins whose refresh token was sent and not answered yet. */
  underWay: Set<string>;
  /** Tests move this clock to see what time does to codes and tokens. */
  now(): number;
}

export interface SigningKeys {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
  /** A key that is published nowhere, for forged tokens. */
  forgedKey: () => KeyObject;
}

/** What a person agreed to at the authorize page, waiting to be redeemed. */
export interface CodeGrant {
  user: User;
  clientId: string;
  redirectUri: string;
  codeChallenge: string;
  nonce: string | undefined;
  scope: string;
  issuedAt: number;
  familyId: string;
  isRedeemed: boolean;
}

/** A device code (RFC 8628), and the outcome at the page where its user code is typed. */
export interface DeviceGrant {
  userCode: string;
  clientId: string;
  scope: string;
  issuedAt: number;
  familyId: string;
  answer: { kind: "pending" } | { kind: "declined" } | { kind: "accepted"; user: User };
  isRedeemed: boolean;
}

/** Who works at the sandbox's company, and in which groups. */
export interface Employee {
  sub: string;
  email: string;
  name: string;
  groups: readonly string[];
}

/** What an authorization code stands for. */
export interface CompanyCode {
  employee: Employee;
  redirectUri: string;
  codeChallenge: string;
  nonce: string | undefined;
  issuedAt: number;
}

export function findRegistration({ state }: Platform, clientId: string): Registration | undefined {
  return state.data.registrations.find((each) => each.clientId === clientId.toLowerCase());
}
