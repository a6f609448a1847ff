import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { listenForKeys } from '../lib/keys';
import { Announcer } from '../ui/announce';
import { cssVariables, theme } from '../ui/theme';
import { styleNonce } from './nonce';
import { queryClient } from './queryClient';
import { router } from './router';

export function App() {
  useEffect(listenForKeys, []);
  return (
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
        <Notifications position="bottom-center" limit={3} zIndex={300} />
        <Announcer />
      </MantineProvider>
    </StrictMode>
  );
}
