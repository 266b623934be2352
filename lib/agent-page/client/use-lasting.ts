import { useEffect, useState } from 'preact/hooks';

/** Returns `true` once something has been so for some milliseconds, until it is not. */
export function useLasting(is: boolean, milliseconds: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!is) return undefined;
    const timer = setTimeout(() => setLasting(true), milliseconds);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [is, milliseconds]);
  return is && isLasting;
}
