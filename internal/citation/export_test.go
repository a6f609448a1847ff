package citation

// ModelSources is the mark of the embedded model.
func ModelSources() [32]byte { return model().Sources }
