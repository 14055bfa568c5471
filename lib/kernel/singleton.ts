/**
 * One value per process. Next.js gives pages, routes and instrumentation each their own copy of a
 * module, so what must exist once cannot be a module-level constant.
 */
export function singleton<T>(name: string, make: () => T): T {
  const store = globalThis as typeof globalThis & { postkey?: Map<string, unknown> };
  store.postkey ??= new Map();
  if (!store.postkey.has(name)) store.postkey.set(name, make());
  // The name says which type was stored; names are unique to their caller.
  return store.postkey.get(name) as T;
}
