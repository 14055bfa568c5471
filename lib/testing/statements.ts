import pg from "pg";

export type Statement = { text: string; values: unknown[] };

/** What is said to the database while something is done: how much work that is, whatever else the machine does. */
export async function statementsOf(work: () => Promise<unknown>): Promise<Statement[]> {
  const overheard: Statement[] = [];
  const send = pg.Client.prototype.query;
  pg.Client.prototype.query = function overhear(this: pg.Client, ...given: unknown[]) {
    const [first] = given;
    if (isStatement(first)) overheard.push(first);
    return Reflect.apply(send, this, given);
  };
  try {
    await work();
    return overheard;
  } finally {
    pg.Client.prototype.query = send;
  }
}

/** The driver adapter hands over an object with text and values. */
function isStatement(given: unknown): given is Statement {
  return typeof given === "object" && given !== null && "text" in given && "values" in given;
}
