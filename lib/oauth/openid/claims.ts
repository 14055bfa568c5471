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

/**
 * What an ID token and the userinfo endpoint say. What was signed counts before what was not. That an address is
 * verified is said of the one beside it (OpenID Connect Core §5.1); that one is not counts in any case.
 */
export function together(signed: Claims & Person, told: Claims): Claims & Person {
  const { email_verified: ofSigned, ...claims } = signed;
  const { email_verified: ofTold, ...others } = told;
  const ofOther = signed.email === undefined || signed.email === told.email ? ofTold : undefined;
  const said = signed.email === undefined ? ofTold : (ofSigned ?? ofOther);
  const isVerified = isDenied(ofSigned) || isDenied(ofTold) ? false : said;
  const { iss, sub } = signed;
  const all = { ...others, ...claims, iss, sub };
  return isVerified === undefined ? all : { ...all, email_verified: isVerified };
}

type Person = { iss: string; sub: string };

const isDenied = (said: unknown) => said !== undefined && said !== true && said !== "true";
