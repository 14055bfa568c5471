type Claims = Readonly<Record<string, unknown>>;

/** An issuer that was typed by hand and is a tenant of Entra all the same, with the claims of another tenant. */
export function isOfOtherTenant({ iss, tid }: Claims): boolean {
  return (
    typeof iss === "string" &&
    typeof tid === "string" &&
    /\/v2\.0$/.test(iss) &&
    !iss.includes(`/${tid}/`)
  );
}

/**
 * Whether a claim is left out of the token because it would be too long, and is to be had elsewhere (OpenID Connect
 * Core §5.6.2). Entra does so with groups, and says it in a claim of its own as well.
 */
export function isLeftOut(claims: Claims, name: string): boolean {
  const elsewhere = claims._claim_names;
  const pointsElsewhere =
    typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, name);
  const hasOthers = claims.hasgroups === true || claims.hasgroups === "true";
  return pointsElsewhere || (name === "groups" && hasOthers);
}
