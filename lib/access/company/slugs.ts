import type { Preset } from "@/lib/oauth/openid/schema";

/** The end of the redirect URI of the next company sign-in with a preset. */
export function nextSlug(preset: Preset, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? preset : `${preset}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}
