import { PRESETS, type Preset } from "@/lib/oauth/openid/schema";

const SLUG = new RegExp(`^(${PRESETS.join("|")})(-\\d{1,9})?$`);

/** Whether there can be such a company sign-in: what stands in an address may be anything. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

export function nextSlug(preset: Preset, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const slug = number === 1 ? preset : `${preset}-${number}`;
    if (!taken.has(slug)) return slug;
  }
}
