import HubIcon from '@mui/icons-material/HubOutlined';
import Button from '@mui/material/Button';
import Card from '@mui/material/Card';
import MenuItem from '@mui/material/MenuItem';
import TextField from '@mui/material/TextField';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useConnections } from '../connections/queries.js';
import { Page } from '../look/page.js';
import { Empty, Failure, Loading } from '../look/states.js';
import { connectionWords } from '../words/connections.js';
import { mapWords } from '../words/map.js';
import { ConnectionMap } from './connection-map.js';
import { DetectButton } from './detect-button.js';

/** The systems behind a connection, and what a deletion does to each. */
export function DataMap(): ReactNode {
  const [search, setSearch] = useSearchParams();
  const connections = useConnections();
  if (connections.isPending) return <Loading rows={2} height={220} />;
  if (connections.isError) return <Failure error={connections.error} again={() => void connections.refetch()} />;
  const detecting = connections.data.filter(({ capabilities }) => capabilities.includes('system-detection'));
  const connection = detecting.find(({ id }) => id === search.get('connection')) ?? detecting[0];
  if (connection === undefined) {
    return (
      <Page title={mapWords.title}>
        <Card>
          <Empty
            icon={HubIcon}
            title={mapWords.emptyTitle}
            action={
              <Button component={Link} to="/connect" variant="contained">
                {connectionWords.add}
              </Button>
            }
          >
            {mapWords.empty}
          </Empty>
        </Card>
      </Page>
    );
  }
  return (
    <Page
      wide
      title={mapWords.title}
      actions={
        <>
          {detecting.length < 2 ? null : (
            <TextField
              select
              size="small"
              label={mapWords.connection}
              value={connection.id}
              onChange={(event) => setSearch({ connection: event.target.value })}
              sx={{ minWidth: 180 }}
              slotProps={{ inputLabel: { shrink: true } }}
            >
              {detecting.map(({ id, name }) => (
                <MenuItem key={id} value={id}>
                  {name}
                </MenuItem>
              ))}
            </TextField>
          )}
          <DetectButton connection={connection.id} />
        </>
      }
    >
      <ConnectionMap key={connection.id} connection={connection} />
    </Page>
  );
}
