import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { join } from "node:path";
import type { Cloud } from "@/lib/oauth/clouds";
import { loadCertificates, loadClientCertificate, type SandboxCertificates } from "./certificates";
import {
  describeCloud,
  describeGoogle,
  describeGovernment,
  mailEndpoints,
  type PortName,
} from "./clouds";
import { type CompanyClient, companyClient } from "./company/company";
import { companyAuthorityHandler } from "./company/handler";
import { browserHandler } from "./control/browser-handler";
import type { ControlContext } from "./control/control-request";
import { MAILBOXES, type MailboxKind } from "./directory";
import { createFaults, type FaultOptions } from "./faults";
import { writeAtomically } from "./files";
import { googleAuthorityHandler } from "./google/handler";
import { serviceAccountKey } from "./google/state";
import { government, platformOf } from "./government";
import { serve, type WebRequest } from "./http";
import { authorityHandler } from "./identity/metadata";
import { type Listener, listenOnLoopback } from "./listen";
import { startMailServer } from "./mail/server";
import { createMailStore } from "./mail/store";
import { MAIL_SERVERS } from "./mail-servers";
import { findRegistration, type Platform, type SigningKeys } from "./platform";
import {
  currentSecret,
  GOVERNMENT_CLIENT_ID,
  initialRegistrations,
  MAIN_CLIENT_ID,
  MULTI_TENANT_CLIENT_ID,
  type Registration,
  SERVICE_CLIENT_ID,
} from "./registrations";
import { createRequestLog, type RequestReport } from "./request-log";
import { openState, type SandboxState } from "./state";

export interface SandboxOptions {
  /** Where keys, certificates and grants are kept from one start to the next. */
  stateDir: string;
  redirectUris: string[];
  /** A clock for tests that need to wait for weeks. */
  now?: () => number;
}

interface SandboxRegistration {
  clientId: string;
  tenantId: string;
  clientSecret: string;
}

export interface Sandbox {
  cloud: Cloud;
  caPem: string;
  caFile: string;
  /** A JSON array with the one preset. */
  cloudFile: string;
  controlUrl: string;
  ports: Record<PortName, number>;
  registration: SandboxRegistration;
  /** The application with permissions of its own, which can sign its assertions as well. */
  serviceRegistration: SandboxRegistration & { certificatePem: string; privateKeyPem: string };
  multiTenantRegistration: SandboxRegistration;
  mailboxes: { address: string; name: string; kind: MailboxKind }[];
  /** The same in the cloud of the US government. */
  governmentRegistration: SandboxRegistration & { cloud: Cloud };
  /** Google's preset, its OAuth client, and the key file of its service account. */
  google: { cloud: Cloud; clientId: string; clientSecret: string; serviceAccountKey: string };
  /** The company at which people can sign in to Postkey itself. */
  company: CompanyClient;
  /** The servers that know passwords only, and the one account on them. */
  passwordMail: Cloud["mail"] & { address: string; password: string };
  faults: {
    set(id: string, options?: FaultOptions): void;
    clear(id: string): void;
    clearAll(): void;
  };
  requests(): RequestReport;
  close(): Promise<void>;
}

/** The platform has its own clock: setting this process's clock does not set it. */
const ownClock = () => performance.timeOrigin + performance.now();

/** Starts the identity platform and the mail servers on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const now = options.now ?? ownClock;
  const clientCertificate = loadClientCertificate(options.stateDir);
  const certificates = loadCertificates(options.stateDir);
  const makeRegistrations = () => initialRegistrations(now(), clientCertificate.certificatePem);
  const state = openState(options.stateDir, makeRegistrations);
  const isGoogle = (uri: string) => uri.includes("/google/");
  const redirectUris = options.redirectUris.filter((uri) => !isGoogle(uri));
  for (const each of state.data.registrations) each.redirectUris = [...redirectUris];

  const platform: Platform = {
    authority: "",
    authorizeOrigin: "",
    isGovernment: false,
    issuers: [],
    state,
    keys: signingKeys(state.data),
    codes: new Map(),
    devices: new Map(),
    faults: createFaults(),
    requests: createRequestLog(),
    mail: createMailStore(),
    google: {
      state: state.data.google,
      redirectUris: options.redirectUris.filter(isGoogle),
      codes: new Map(),
      consented: new Set(),
    },
    companyCodes: new Map(),
    underWay: new Set(),
    now,
  };
  const control: ControlContext = {
    ports: {},
    caFile: certificates.caFile,
    cloudFile: join(options.stateDir, "cloud.json"),
    reset: () => reset(platform, makeRegistrations()),
  };
  const { listeners, ports } = await startServers(platform, { certificates, control });
  platform.authority = `https://localhost:${ports.https}`;
  platform.authorizeOrigin = `http://localhost:${ports.http}`;
  platform.issuers = [platform.authority, government(platform).authority];
  control.ports = ports;
  state.data.ports = ports;
  state.flush();
  const cloud = describeCloud(platform, ports);
  const governmentCloud = describeGovernment(platform, cloud);
  const googleCloud = describeGoogle(platform, ports);
  const presets = [cloud, governmentCloud, googleCloud];
  writeAtomically(control.cloudFile, `${JSON.stringify(presets, null, 2)}\n`);

  const describeApp = (clientId: string) => describeRegistration(platform, clientId);
  return {
    cloud,
    caPem: certificates.caPem,
    caFile: certificates.caFile,
    cloudFile: control.cloudFile,
    controlUrl: `${platform.authorizeOrigin}/`,
    ports,
    registration: describeApp(MAIN_CLIENT_ID),
    multiTenantRegistration: describeApp(MULTI_TENANT_CLIENT_ID),
    serviceRegistration: { ...describeApp(SERVICE_CLIENT_ID), ...clientCertificate },
    mailboxes: MAILBOXES.map(({ address, name, kind }) => ({ address, name, kind })),
    governmentRegistration: { ...describeApp(GOVERNMENT_CLIENT_ID), cloud: governmentCloud },
    google: {
      cloud: googleCloud,
      clientId: platform.google.state.clientId,
      clientSecret: platform.google.state.clientSecret,
      serviceAccountKey: serviceAccountKey(platform.google.state, `${platform.authority}/token`),
    },
    company: companyClient(platform),
    passwordMail: {
      ...mailEndpoints(ports, "password"),
      address: "legacy@fabrikam.test",
      password: state.data.mailPassword,
    },
    faults: platform.faults,
    requests: () => platform.requests.report(),
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      state.flush();
    },
  };
}

async function startServers(
  platform: Platform,
  given: { certificates: SandboxCertificates; control: ControlContext },
): Promise<{ listeners: Listener[]; ports: Record<PortName, number> }> {
  const { certificates, control } = given;
  const { server } = certificates;
  const tls = { cert: server.certificatePem, key: server.privateKeyPem };
  const listeners: Listener[] = [];
  const { ports: remembered } = platform.state.data;
  const keep = async (starting: Promise<Listener>) => {
    const listener = await starting;
    listeners.push(listener);
    return listener.port;
  };
  try {
    const here = (request: WebRequest) => platformOf(platform, request.headers.host);
    const browser = serve((request) => browserHandler(here(request), control, request));
    const authority = serve(
      (request) =>
        googleAuthorityHandler(platform, request) ??
        companyAuthorityHandler(platform, request) ??
        authorityHandler(here(request), request),
    );
    const ports: Record<string, number> = {
      http: await keep(listenOnLoopback(() => createHttpServer(browser), remembered.http)),
      https: await keep(
        listenOnLoopback(() => createHttpsServer(tls, authority), remembered.https),
      ),
    };
    for (const mail of MAIL_SERVERS) {
      const starting = startMailServer(platform, mail, {
        certificates,
        port: remembered[mail.name],
      });
      ports[mail.name] = await keep(starting);
    }
    return { listeners, ports: ports as Record<PortName, number> }; // one entry per PortName above
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
}

function reset(platform: Platform, registrations: Registration[]): void {
  const { data } = platform.state;
  platform.faults.clearAll();
  platform.requests.clear();
  platform.codes.clear();
  platform.devices.clear();
  platform.mail.clear();
  platform.google.codes.clear();
  platform.companyCodes.clear();
  platform.google.consented.clear();
  data.consents = {};
  data.scopes = {};
  data.tokenKey = randomBytes(32).toString("base64url");
  data.endedFamilies = [];
  data.revokedAt = {};
  for (const [index, fresh] of registrations.entries()) {
    const old = data.registrations[index];
    const [secret] = fresh.secrets;
    const [first] = old?.secrets ?? [];
    // The first secret keeps its value: it may be written down somewhere already.
    const secrets = secret ? [{ ...secret, value: first?.value ?? secret.value }] : [];
    data.registrations[index] = { ...fresh, secrets, redirectUris: old?.redirectUris ?? [] };
  }
  platform.state.save();
}

function signingKeys(data: SandboxState): SigningKeys {
  const privateKey = createPrivateKey(data.signingKey.privateKeyPem);
  return {
    kid: data.signingKey.kid,
    privateKey,
    publicKey: createPublicKey(privateKey),
    forgedKey: () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey,
  };
}

function describeRegistration(platform: Platform, clientId: string): SandboxRegistration {
  const registration = findRegistration(platform, clientId);
  if (!registration) throw new Error(`The sandbox's state has no application ${clientId}.`);
  const clientSecret = currentSecret(registration, platform.now())?.value ?? "";
  return { clientId, tenantId: registration.tenantId, clientSecret };
}
