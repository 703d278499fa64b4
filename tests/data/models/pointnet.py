import torch
import torch.nn as nn
import torch.nn.functional as F


def shared(i, o):
   return nn.Sequential(nn.Conv1d(i, o, 1), nn.BatchNorm1d(o), nn.ReLU())

def dense(i, o):
   return nn.Sequential(nn.Linear(i, o), nn.BatchNorm1d(o), nn.ReLU())


class Tnet(nn.Module):
   """Finds a k x k matrix that puts the points straight."""
   def __init__(self, k=3):
      super().__init__()
      self.k=k
      self.points = nn.Sequential(shared(k, 64), shared(64, 128), shared(128, 512))
      self.rest = nn.Sequential(dense(512, 256), dense(256, 128), nn.Linear(128, k*k))

   def forward(self, input):
      bs = input.size(0)
      xb = self.points(input)
      pool = nn.MaxPool1d(xb.size(-1))(xb)
      flat = nn.Flatten(1)(pool)
      #start as identity
      init = torch.eye(self.k, requires_grad=True).repeat(bs,1,1)
      if xb.is_cuda:
         init = init.cuda()
      return self.rest(flat).view(-1,self.k,self.k) + init


class Transform(nn.Module):
   def __init__(self):
      super().__init__()
      self.straighten = Tnet(k=3)
      self.straighten_features = Tnet(k=64)
      self.first = shared(3, 64)
      self.second = nn.Sequential(shared(64, 128), nn.Conv1d(128, 512, 1), nn.BatchNorm1d(512))

   def forward(self, input):
      m3 = self.straighten(input)
      # every cloud has its own matrix
      xb = torch.bmm(torch.transpose(input,1,2), m3).transpose(1,2)
      xb = self.first(xb)
      m64 = self.straighten_features(xb)
      xb = torch.bmm(torch.transpose(xb,1,2), m64).transpose(1,2)
      xb = self.second(xb)
      return xb.max(dim=-1).values, m3, m64


class PointNet(nn.Module):
   def __init__(self, classes = 10):
      super().__init__()
      self.transform = Transform()
      self.fc1 = dense(512, 256)
      self.fc2 = nn.Linear(256, classes)
      self.dropout = nn.Dropout(p=0.3)

   def forward(self, input):
      xb, m3, m64 = self.transform(input)
      out = self.fc2(self.dropout(self.fc1(xb)))
      return F.log_softmax(out, dim=1), m3, m64
