/** What an account does through Microsoft Graph; `shared`: at a mailbox that is not the person's own. */
export type GraphUse = "send" | "send_shared" | "read" | "read_shared";
export type GraphWay = "send" | "read";

/** The least that serves each. https://learn.microsoft.com/graph/permissions-reference */
export const GRAPH_PERMISSIONS: Readonly<Record<GraphUse, string>> = {
  send: "Mail.Send",
  send_shared: "Mail.Send.Shared",
  read: "Mail.ReadBasic",
  read_shared: "Mail.ReadBasic.Shared",
};

const USES: readonly GraphUse[] = ["send", "send_shared", "read", "read_shared"];

export function usesOf(way: GraphWay, isShared: boolean): GraphUse[] {
  return isShared ? [way, `${way}_shared` as const] : [way];
}

/** Hosts and case do not matter. */
export function usesIn(scopes: readonly string[]): GraphUse[] {
  const names = new Set(scopes.map((scope) => scope.split("/").at(-1)?.toLowerCase()));
  return USES.filter((use) => names.has(GRAPH_PERMISSIONS[use].toLowerCase()));
}
