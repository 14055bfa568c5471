/** Things of one kind that a person created: how many, and the names of the first. */
export type Made = { count: number; names: string[] };

/** What goes on working when the person who made it is disabled. */
export type MadeBy = { keys: Made; devices: Made };
