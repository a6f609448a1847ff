package realtime

// Die ends the writer as a killed process does: nothing more is written or told.
func (p *Presences) Die() {
	p.stop()
	<-p.done
}

// Hear publishes on this node alone, as what another one says is.
func (n *Node) Hear(topic string, data []byte) { n.publish(topic, data) }
