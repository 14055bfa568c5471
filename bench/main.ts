import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { wallTime } from "@/lib/kernel/clock";
import { type Measurement, withFigures } from "./figures";
import { startDatabase, stopAllGroups } from "./installation";
import { measureParts } from "./measure-parts";
import { PARTS, type Part } from "./parts";
import { isShortRun } from "./short-run";
import { formatTable, type Result } from "./table";

// npm run bench [-- --short] [-- part …]. A part that cannot be measured makes the run fail; what a part
// found is written down as soon as it is there, so that the next one's failure takes nothing from it.

const { FIGURES_FILE: figuresFile, FIGURES_COMMIT: commit } = z
  .object({ FIGURES_FILE: z.string(), FIGURES_COMMIT: z.string() })
  .parse(process.env);

let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    isStopping = true;
    void stopAllGroups();
  });

const parts = wantedParts(process.argv.slice(2));
const database = await startDatabase();
try {
  const notMeasured = await measureParts(parts, {
    measure: (part) => part.measure(database),
    onResult: show,
    onFailure(name, error) {
      if (!isStopping) console.error(`\n${name} cannot be measured:`, error);
    },
    isStopping: () => isStopping,
  });
  if (notMeasured.length > 0) {
    console.error(`\nNot measured: ${notMeasured.join(", ")}`);
    process.exitCode = 1;
  }
} finally {
  await database.stop();
}

function wantedParts(args: readonly string[]): readonly Part[] {
  const names = args.filter((name) => name !== "--short");
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    const known = PARTS.map(({ name }) => name).join(", ");
    throw new Error(`There is no part ${unknown.join(", ")}. There are: ${known}.`);
  }
  return names.length === 0 ? PARTS : PARTS.filter(({ name }) => names.includes(name));
}

function show(name: string, result: Result): void {
  console.log(`\n${formatTable(result.rows)}\n${(result.notes ?? []).join("\n")}`);
  if (isShortRun) return;
  const document = readFileSync(figuresFile, "utf8");
  writeFileSync(figuresFile, withFigures(document, name, { result, measurement: measurement() }));
}

function measurement(): Measurement {
  return {
    day: wallTime().toISOString().slice(0, "2026-11-26".length),
    commit,
    machine: `${availableParallelism()} cores with Node ${process.version}`,
  };
}
