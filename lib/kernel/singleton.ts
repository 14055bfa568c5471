/** Next.js gives pages, routes and instrumentation each their own copy of a module. */
export function singleton<T>(name: string, make: () => T): T {
  const store = globalThis as typeof globalThis & { postkey?: Map<string, unknown> };
  store.postkey ??= new Map();
  if (!store.postkey.has(name)) store.postkey.set(name, make());
  return store.postkey.get(name) as T;
}
