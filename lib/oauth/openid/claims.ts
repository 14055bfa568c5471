type Claims = Readonly<Record<string, unknown>>;

/** An Entra issuer typed by hand, with another tenant's claims. */
export function isOfOtherTenant({ iss, tid }: Claims): boolean {
  return (
    typeof iss === "string" &&
    typeof tid === "string" &&
    /\/v2\.0$/.test(iss) &&
    !iss.includes(`/${tid}/`)
  );
}

/** Too long for the token (OpenID Connect Core §5.6.2); Entra has its own claim for groups. */
export function isLeftOut(claims: Claims, name: string): boolean {
  const elsewhere = claims._claim_names;
  const pointsElsewhere =
    typeof elsewhere === "object" && elsewhere !== null && Object.hasOwn(elsewhere, name);
  const hasOthers = claims.hasgroups === true || claims.hasgroups === "true";
  return pointsElsewhere || (name === "groups" && hasOthers);
}

/** Signed claims win. `email_verified` belongs to its address (OpenID Connect Core §5.1). */
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
