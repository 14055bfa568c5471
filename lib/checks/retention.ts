/** Reports of tests, and the runs that they are of, are kept for so many days. */
export const KEPT_DAYS = 30;
