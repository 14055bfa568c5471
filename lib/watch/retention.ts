export const KEPT_DAYS = 400;
