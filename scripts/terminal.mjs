const isTerminal = process.stdout.isTTY === true;
const styled = (code) => (text) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
const [bold, dim] = [styled(1), styled(2)];

/**
 * Says what is going on while it goes on, and how long it took.
 * @template T
 * @param {string} title
 * @param {() => T | Promise<T>} work
 */
export async function step(title, work) {
  const startedAt = performance.now();
  if (isTerminal) process.stdout.write(`  ${title} …\r`);
  try {
    const result = await work();
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`  ${title} ${dim(`${seconds} s`)}   `);
    return result;
  } catch (error) {
    console.log(`  ${title}: failed`);
    throw error;
  }
}

export function table(rows) {
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, value] of rows) console.log(`  ${label.padEnd(width)}  ${bold(value)}`);
}

/** Prints a line of a child, or of the supervisor about one: in words on a terminal, and as it is elsewhere. */
export function printLine(name, line, { isError = false } = {}) {
  // The sandbox's greeting, and what Next.js says when all is well.
  if (line.startsWith('{"ready":true')) return;
  if (name === "web" && !isError && !line.includes('"level"')) return;
  process.stdout.write(`  ${name}: ${isTerminal ? inWords(line) : line}\n`);
}

const KINDS = { 40: "warning: ", 50: "error: ", 60: "error: " };

/** An entry of the log (lib/kernel/log.ts) for people: what it says, and its fields behind it. */
export function inWords(line) {
  if (!line.startsWith('{"level":')) return line;
  const { level, time, pid, msg, ...fields } = JSON.parse(line);
  const rest = Object.keys(fields).length > 0 ? dim(` ${JSON.stringify(fields)}`) : "";
  return `${KINDS[level] ?? ""}${msg}${rest}`;
}

/** Ends the process with a message for people instead of a stack. */
export function exitWith(error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
