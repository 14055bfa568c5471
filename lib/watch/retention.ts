/** Incidents that are over, changes of state and alerts are kept for so many days: a year and a month. */
export const KEPT_DAYS = 400;
