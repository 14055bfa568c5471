export const SECOND_FACTOR_NEEDED = "second_factor_needed";
