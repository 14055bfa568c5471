import { beforeAll, beforeEach } from "vitest";

/** What the tests of a file or of a group share, made before the first of them: its fields are there from then on. */
export const shared = <T extends object>(make: () => Promise<T>): T => filled(make, beforeAll);

/** The same, made anew before each of them. */
export const anew = <T extends object>(make: () => Promise<T>): T => filled(make, beforeEach);

function filled<T extends object>(
  make: () => Promise<T>,
  before: typeof beforeAll | typeof beforeEach,
): T {
  const fields = {} as T;
  before(async () => void Object.assign(fields, await make()));
  return fields;
}
