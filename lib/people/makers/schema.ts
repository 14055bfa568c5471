export type Made = { count: number; names: string[] };

/** What goes on working when the person who made it is disabled. */
export type MadeBy = { keys: Made; devices: Made };
