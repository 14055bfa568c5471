import { LINK_HOURS } from "./schema";

export const LIFE = `interval '${LINK_HOURS} hours'`;

/** SQL: whether a link `l` can still be used, on a clock that may have been set back. */
export const IS_OPEN_LINK = `(l."signedInAt" IS NULL AND postkey_holds(l."expiresAt", ${LIFE}))`;
