import torch
import torch.nn as nn

EMBEDDING_DIM = 100
HIDDEN_DIM = 64


class LSTMTagger(nn.Module):
    def __init__(self, embedding_dim, hidden_dim, vocab_size, tagset_size):
        super(LSTMTagger, self).__init__()
        self.hidden_dim = hidden_dim
        self.word_embeddings = nn.Embedding(vocab_size, embedding_dim)
        self.lstm = nn.LSTM(hidden_dim, hidden_dim, batch_first=True)
        self.hidden2tag = nn.Linear(hidden_dim, tagset_size)

    def forward(self, sentence):
        embeds = self.word_embeddings(sentence)
        lstm_out, _ = self.lstm(embeds)
        return torch.log_softmax(self.hidden2tag(lstm_out), dim=-1)


model = LSTMTagger(EMBEDDING_DIM, HIDDEN_DIM, 5000, 12)
