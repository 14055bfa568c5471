import { readFileSync } from "node:fs";

/** What an object may have: keys, `[item]`, any key by `*`, and at the leaves the type of a value. */
type Shape = "string" | "number" | "boolean" | readonly [Shape] | { readonly [key: string]: Shape };

const LABELS = { "*": "string" } as const;
const METADATA = { name: "string", labels: LABELS } as const;
const SELECTOR = { matchLabels: LABELS } as const;
const PROBE = {
  httpGet: { path: "string", port: "string" },
  exec: { command: ["string"] },
  periodSeconds: "number",
  timeoutSeconds: "number",
  failureThreshold: "number",
} as const;
const CONTAINER = {
  name: "string",
  image: "string",
  args: ["string"],
  envFrom: [{ configMapRef: { name: "string" } }],
  ports: [{ name: "string", containerPort: "number" }],
  startupProbe: PROBE,
  readinessProbe: PROBE,
  livenessProbe: PROBE,
  resources: { requests: { cpu: "string", memory: "string" }, limits: { memory: "string" } },
  securityContext: {
    allowPrivilegeEscalation: "boolean",
    readOnlyRootFilesystem: "boolean",
    capabilities: { drop: ["string"] },
  },
  volumeMounts: [{ name: "string", mountPath: "string", readOnly: "boolean" }],
} as const;
const POD = {
  metadata: { labels: LABELS },
  spec: {
    terminationGracePeriodSeconds: "number",
    topologySpreadConstraints: [
      {
        maxSkew: "number",
        topologyKey: "string",
        whenUnsatisfiable: "string",
        labelSelector: SELECTOR,
      },
    ],
    automountServiceAccountToken: "boolean",
    enableServiceLinks: "boolean",
    restartPolicy: "string",
    securityContext: {
      runAsNonRoot: "boolean",
      runAsUser: "number",
      runAsGroup: "number",
      fsGroup: "number",
      seccompProfile: { type: "string" },
      sysctls: [{ name: "string", value: "string" }],
    },
    containers: [CONTAINER],
    volumes: [
      { name: "string", secret: { secretName: "string", defaultMode: "number" }, emptyDir: {} },
    ],
  },
} as const;
const OPEN = [{ ports: [{ protocol: "string", port: "number" }] }] as const;

const KINDS: Readonly<Record<string, { [key: string]: Shape }>> = {
  "v1 ConfigMap": { data: LABELS },
  "v1 Service": {
    spec: {
      type: "string",
      externalTrafficPolicy: "string",
      selector: LABELS,
      ports: [{ name: "string", port: "number", targetPort: "string" }],
    },
  },
  "apps/v1 Deployment": {
    spec: {
      replicas: "number",
      strategy: { rollingUpdate: { maxSurge: "number", maxUnavailable: "number" } },
      selector: SELECTOR,
      template: POD,
    },
  },
  "batch/v1 Job": {
    spec: { backoffLimit: "number", ttlSecondsAfterFinished: "number", template: POD },
  },
  "policy/v1 PodDisruptionBudget": { spec: { maxUnavailable: "number", selector: SELECTOR } },
  "networking.k8s.io/v1 NetworkPolicy": {
    spec: { podSelector: SELECTOR, policyTypes: ["string"], ingress: OPEN, egress: OPEN },
  },
  "kustomize.config.k8s.io/v1beta1 Kustomization": {
    resources: ["string"],
    images: [{ name: "string", newName: "string", newTag: "string" }],
    configMapGenerator: [{ name: "string", literals: ["string"] }],
  },
};

/** Its kind and keys as Kubernetes knows them, of those that are used here. */
export function shapeProblems(object: unknown): string[] {
  const { apiVersion, kind } = object as { apiVersion?: unknown; kind?: unknown };
  const name = `${apiVersion} ${kind}`;
  const shape = KINDS[name];
  if (!shape) return [`${name} is unknown`];
  const whole = { apiVersion: "string", kind: "string", metadata: METADATA, ...shape } as const;
  return problemsOf(object, whole, String(kind));
}

function problemsOf(value: unknown, shape: Shape, path: string): string[] {
  if (typeof shape === "string")
    return typeof value === shape ? [] : [`${path} is ${typeof value}, not ${shape}`];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => problemsOf(item, shape[0], `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [`${path} is no object`];
  return Object.entries(value).flatMap(([key, inner]) => {
    const inside = shape["*"] ?? (Object.hasOwn(shape, key) ? shape[key] : undefined);
    return inside ? problemsOf(inner, inside, `${path}.${key}`) : [`${path}.${key} is unknown`];
  });
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

export type Labels = Record<string, string>;
type Container = {
  args: string[];
  ports?: { name: string; containerPort: number }[];
  securityContext: unknown;
  livenessProbe?: { exec: { command: string[] } };
};
/** As far as tests read it. */
export type KubernetesObject = {
  kind: string;
  metadata: { name: string; labels?: Labels };
  spec: {
    selector?: Labels & { matchLabels: Labels };
    podSelector?: { matchLabels: Labels };
    ports?: { targetPort: string }[];
    ingress?: { ports: { port: number }[] }[];
    template?: {
      metadata: { labels: Labels };
      spec: { securityContext: Record<string, unknown>; containers: Container[] };
    };
  };
};

/** The commands of the image, as its help names them. */
export function commandsOfImage(): string[] {
  const text = readFileSync("scripts/postkey.mjs", "utf8");
  return [...text.matchAll(/^node postkey\.mjs (\S+)/gm)].flatMap(([, names = ""]) =>
    names.split("|"),
  );
}

/** The variables that docs/configuration.md documents. */
export function documentedVariables(): Set<string> {
  const text = readFileSync("docs/configuration.md", "utf8");
  return new Set([...text.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name = ""]) => name));
}
