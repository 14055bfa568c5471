import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  commandsOfImage,
  documentedVariables,
  type KubernetesObject,
  type Labels,
  shapeProblems,
} from "@/lib/testing/kubernetes";
import { parseYaml } from "@/lib/testing/yaml";

const FOLDER = "deploy/kubernetes";
const files = readdirSync(FOLDER).filter((name) => name !== "kustomization.yaml");
const read = (name: string) => parseYaml(readFileSync(`${FOLDER}/${name}`, "utf8"));
const [kustomization] = read("kustomization.yaml") as [
  { resources: string[]; configMapGenerator: [{ literals: string[] }] },
];
const objects = files.flatMap(read) as KubernetesObject[];
const pods = objects.flatMap(({ metadata, spec: { template } }) =>
  template ? [{ name: metadata.name, ...template }] : [],
);
const containerOf = (labels: Labels) => {
  const selects = (pod: (typeof pods)[number]) =>
    Object.entries(labels).every(([name, value]) => pod.metadata.labels[name] === value);
  return pods.filter(selects).flatMap(({ spec }) => spec.containers);
};

test("each object has only what Kubernetes knows, and none is left out", () => {
  expect([kustomization, ...objects].flatMap(shapeProblems)).toEqual([]);
  expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
  expect(objects.length).toBeGreaterThan(10);
});

test("what Kubernetes does not know, or has another type, is found", () => {
  const planted = { apiVersion: "v1", kind: "Service", spec: { typo: 1, ports: [{ port: "80" }] } };
  expect(shapeProblems(planted)).toEqual([
    "Service.spec.typo is unknown",
    "Service.spec.ports[0].port is string, not number",
  ]);
  expect(shapeProblems({ apiVersion: "v1", kind: "Deployment" })).toEqual([
    "v1 Deployment is unknown",
  ]);
  expect(() => parseYaml("a: 1\n  b: 2\n")).toThrow("b: 2");
});

test("each pod runs a command of the image, as no one in particular", () => {
  const containers = pods.flatMap(({ spec }) => spec.containers);
  expect(containers.map(({ args }) => args)).toEqual([
    ["gateway"],
    ["keeper"],
    ["migrate"],
    ["web"],
  ]);
  const probes = containers.flatMap(
    ({ livenessProbe }) => livenessProbe?.exec.command.at(-1) ?? [],
  );
  for (const name of [...containers.flatMap(({ args }) => args), ...probes])
    expect(commandsOfImage()).toContain(name);
  for (const { spec } of pods)
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65_532 });
  for (const { securityContext } of containers)
    expect(securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
});

test("each variable is documented", () => {
  const [{ literals }] = kustomization.configMapGenerator;
  const names = literals.map((literal) => literal.split("=")[0]);
  expect(names).toContain("DATABASE_URL_FILE");
  expect(names.filter((name) => !documentedVariables().has(name ?? ""))).toEqual([]);
});

test("selectors find their pods, and services and policies their ports", () => {
  for (const { kind, metadata, spec } of objects) {
    const labels = spec.podSelector?.matchLabels ?? spec.selector?.matchLabels ?? spec.selector;
    if (!labels) continue;
    const found = containerOf(labels);
    expect(found.length, metadata.name).toBeGreaterThan(0);
    const ports = found.flatMap((container) => container.ports ?? []);
    if (kind === "Service")
      for (const { targetPort } of spec.ports ?? [])
        expect(ports.map(({ name }) => name)).toContain(targetPort);
    const open = spec.ingress?.flatMap((from) => from.ports.map(({ port }) => port));
    if (open) expect(open).toEqual(ports.map(({ containerPort }) => containerPort));
  }
  const named = (kind: string) =>
    objects.filter((each) => each.kind === kind).map(({ metadata }) => metadata.name);
  expect(named("PodDisruptionBudget")).toEqual(named("Deployment"));
});
