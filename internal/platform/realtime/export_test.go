package realtime

// Die ends the writer as a killed process does: nothing more is written or told.
func (p *Presences) Die() {
	p.stop()
	<-p.done
}
