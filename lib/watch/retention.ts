/** Days: a year and a month. */
export const KEPT_DAYS = 400;
