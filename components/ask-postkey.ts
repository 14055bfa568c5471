/**
 * Reloads when the session has ended, which shows the sign-in and leads back. @throws network
 * errors
 */
export async function askPostkey(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  if (response.status === 401) window.location.reload();
  return response;
}
