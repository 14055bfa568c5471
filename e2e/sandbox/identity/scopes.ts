import { IdentityError } from "./identity-error";

interface Resource {
  id: "exchange" | "graph";
  name: string;
  /** Both of Exchange's prefixes are in use; the audience is the one that was asked for. */
  hosts: readonly string[];
  delegated: Readonly<Record<string, string>>;
}

interface Permission {
  resource: Resource;
  host: string;
  name: string;
}

export interface RequestedScopes {
  /** openid, profile, email, offline_access. */
  identity: string[];
  permissions: Permission[];
}

const MAIL_PERMISSIONS = {
  "IMAP.AccessAsUser.All": "Read and write access to your mail via IMAP",
  "POP.AccessAsUser.All": "Read and write access to your mail via POP",
  "SMTP.Send": "Send emails from your mailbox using SMTP AUTH",
};

const IDENTITY_SCOPES: Readonly<Record<string, string>> = {
  openid: "Sign you in",
  profile: "View your basic profile",
  email: "View your email address",
  offline_access: "Maintain access to data you have given it access to",
};

const EXCHANGE: Resource = {
  id: "exchange",
  name: "Office 365 Exchange Online",
  hosts: [
    "https://outlook.office.com",
    "https://outlook.office365.com",
    "https://outlook.office365.us",
    "https://ps.outlook.com",
  ],
  delegated: MAIL_PERMISSIONS,
};

/** The portal lists the mail permissions here too, but the mail servers refuse Graph's audience. */
const GRAPH: Resource = {
  id: "graph",
  name: "Microsoft Graph",
  hosts: ["https://graph.microsoft.com"],
  delegated: {
    ...MAIL_PERMISSIONS,
    "User.Read": "Sign you in and read your profile",
    "Mail.Send": "Send mail as you",
    "Mail.Send.Shared": "Send mail on behalf of others",
    "Mail.ReadBasic": "Read basic mail",
    "Mail.ReadBasic.Shared": "Read shared basic mail",
  },
};

export const GRAPH_HOST = "https://graph.microsoft.com";
export const EXCHANGE_HOSTS = EXCHANGE.hosts;

/** Parses a `scope` parameter, or refuses it as AADSTS70011. */
export function parseScopes(scope: string): RequestedScopes {
  const identity: string[] = [];
  const permissions: Permission[] = [];
  for (const item of scope.split(/\s+/).filter(Boolean)) {
    const lower = item.toLowerCase();
    if (lower in IDENTITY_SCOPES) identity.push(lower);
    else permissions.push(...parsePermission(item, scope));
  }
  return { identity, permissions };
}

/** The one resource of a token request; more than one is AADSTS28000. */
export function singleResource(scopes: RequestedScopes, scope: string): Permission | undefined {
  const [first, ...others] = scopes.permissions;
  if (others.some((other) => other.resource !== first?.resource))
    throw new IdentityError(28000, { values: { scope } });
  return first;
}

/** The host of `https://…/.default`, the only scope of an app-only request. */
export function defaultResourceHost(scope: string): string {
  const host = /^(.+)\/\.default$/i.exec(scope.trim())?.[1] ?? "";
  if (!host || /\s/.test(host)) throw new IdentityError(1002012, { values: { scope } });
  return findResource(host)?.host ?? host;
}

/** How a permission is remembered in consents and grants. */
export function permissionKey(permission: Permission): string {
  return `${permission.resource.id}/${permission.name}`;
}

/** How a permission is written on the wire. */
export function permissionScope(permission: Permission): string {
  return `${permission.host}/${permission.name}`;
}

/** What the consent page says about a requested scope. */
export function describeScopes(scopes: RequestedScopes): { key: string; text: string }[] {
  return [
    ...scopes.permissions.map((permission) => ({
      key: `${permission.name} (${permission.resource.name})`,
      text: permission.resource.delegated[permission.name] ?? permission.name,
    })),
    ...scopes.identity.map((name) => ({ key: name, text: IDENTITY_SCOPES[name] ?? name })),
  ];
}

function parsePermission(item: string, scope: string): Permission[] {
  const slash = item.lastIndexOf("/");
  // Without a prefix Microsoft means Graph.
  const found =
    slash < 0 ? { resource: GRAPH, host: GRAPH_HOST } : findResource(item.slice(0, slash));
  const wanted = item.slice(slash + 1).toLowerCase();
  if (!found) throw new IdentityError(70011, { values: { scope } });
  const names = Object.keys(found.resource.delegated);
  const matching = wanted === ".default" ? names : names.filter((n) => n.toLowerCase() === wanted);
  if (matching.length === 0) throw new IdentityError(70011, { values: { scope } });
  return matching.map((name) => ({ ...found, name }));
}

function findResource(prefix: string): { resource: Resource; host: string } | undefined {
  const wanted = prefix.replace(/\/+$/, "").toLowerCase();
  // The sandbox's own Graph is where it signs in.
  if (/^https:\/\/localhost:\d+$/.test(wanted)) return { resource: GRAPH, host: wanted };
  for (const resource of [EXCHANGE, GRAPH]) {
    const host = resource.hosts.find((candidate) => candidate === wanted);
    if (host) return { resource, host };
  }
  return undefined;
}
