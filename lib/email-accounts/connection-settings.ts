import { CONNECTION_FIELDS } from "./test-schedule/schema";

/**
 * SQL: what decides whether the mailbox of an account opens, as one value: a test of other settings says nothing of
 * these. A password that was sealed again counts as another one.
 */
export function connectionSettings(account: string): string {
  const columns = [...CONNECTION_FIELDS, "passwordSealed"].map((name) => `${account}."${name}"`);
  return `md5(ROW(${columns.join(", ")})::text)`;
}
