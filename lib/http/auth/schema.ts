/** What a sign-in with the right password says where a second factor has to follow. */
export const SECOND_FACTOR_NEEDED = "second_factor_needed";
