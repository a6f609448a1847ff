// Package realtime carries passing news to the browsers that are watching: a
// message published on any node reaches every socket subscribed to its topic,
// on all nodes, through NOTIFY in the PostgreSQL that the nodes share.
//
// It keeps nothing and promises nothing. A message may be lost; what must not
// be lost stands in the library's change log, and whoever was cut off asks
// there what happened since. So that nobody waits for a message that never
// comes, a node that could not listen for a while publishes {"type":"resync"}
// on every topic that is being watched.
//
// Bus is the sending half, which every process has. Node is the receiving half
// with the sockets, which processes with the web role have. Sockets speak the
// JSON protocol of centrifuge; its channel is our topic.
package realtime
